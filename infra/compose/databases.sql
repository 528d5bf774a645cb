-- The databases of Kratos and Keto, beside that of the API. Postgres runs this file when
-- its volume is empty.
CREATE DATABASE kratos;
CREATE DATABASE keto;
